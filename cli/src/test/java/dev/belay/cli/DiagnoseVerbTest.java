package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DiagnoseVerbTest {

    private static final String FULL = "Error from server: etcdserver: mvcc: database space exceeded\n";

    @Test
    void aLogOnStandardInputNamesItsCause() {
        String page = diagnose(FULL).succeeds().out();

        assertThat(page)
                .startsWith("etcd's database has reached its quota  (98%, etcd-no-space)\n")
                .contains("  seen     Error from server: etcdserver: mvcc: database space exceeded\n")
                .contains("  remedy   Make room, then disarm")
                .contains("  risk     ");
    }

    @Test
    void scriptsReadTheSame() {
        JsonNode document = diagnose(FULL, "-o", "json").succeeds().json("diagnose");

        JsonNode cause = document.path("causes").path(0);
        assertThat(cause.path("id").asText()).isEqualTo("etcd-no-space");
        assertThat(cause.path("evidence").path(0).asText()).contains("mvcc: database space exceeded");
        assertThat(document.path("causes")).hasSize(1);
    }

    @Test
    void whatNobodyKnowsIsSaidToBeUnknown() {
        JsonNode document =
                diagnose("all is strange\n", "-o", "json").succeeds().json("diagnose");

        assertThat(document.path("causes")).isEmpty();
        assertThat(document.path("summary").asText()).contains("the cause is unknown");
        assertThat(diagnose("").succeeds().out()).contains("the cause is unknown");
    }

    @Test
    void aSecretInALogIsNotQuoted() {
        Typed typed = diagnose("Unable to authenticate the request, token=hunter2hunter2\u0007 of you\n");

        assertThat(typed.succeeds().out())
                .contains("(60%, unauthorized)", "[redacted]")
                .doesNotContain("hunter2", "\u0007");
    }

    @Test
    void moreThanItReadsIsRefused() {
        assertThat(diagnose("x".repeat((16 << 20) + 1)).endsWith(1).err()).contains("16 million characters");
    }

    @Test
    void withoutAnythingToReadItsUsageIsShown() {
        assertThat(Typed.in(Map.of(), "diagnose").endsWith(1).err()).contains("RUN|-");
    }

    private static Typed diagnose(String input, String... more) {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "diagnose";
        arguments[1] = "-";
        System.arraycopy(more, 0, arguments, 2, more.length);
        return Typed.reading(input, Map.of(), arguments);
    }
}
