package dev.belay.model.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.model.approval.Person;
import dev.belay.model.runbook.InvalidDocument;
import dev.belay.model.runbook.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may approve, as an inventory lists them. */
class PeopleTest {

    private static final String ED25519 =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE0hsKC4HyJKyjWflnl26edFzUj3RGHecj+G8y4EIS5M";

    private static String inventory(String... people) throws IOException {
        String shipped = Files.readString(Path.of("..", "clusters", "lab.yaml"));
        StringBuilder text = new StringBuilder(shipped).append("people:\n");
        Arrays.stream(people)
                .forEach(person -> text.append("  - ").append(person).append('\n'));
        return text.toString();
    }

    private static int lineOfFirst() throws IOException {
        return inventory().split("\n", -1).length;
    }

    private static List<Problem> problems(String... people) throws IOException {
        byte[] bytes = inventory(people).getBytes(StandardCharsets.UTF_8);
        return catchThrowableOfType(InvalidDocument.class, () -> ClusterReader.read("lab.yaml", bytes))
                .problems();
    }

    @Test
    void listsPeopleWithTheirRolesAndKeys() throws IOException {
        String text = inventory("{name: ada, roles: [lead, sre], keys: ['" + ED25519 + " ada@desk']}");

        Cluster cluster = ClusterReader.read("lab.yaml", text.getBytes(StandardCharsets.UTF_8));

        assertThat(cluster.people())
                .containsExactly(new Person("ada", List.of("lead", "sre"), List.of(ED25519 + " ada@desk")));
        assertThat(cluster.byNameOnly().people()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: ada@desk, keys: [KEY]} | a login name such as ada, without a host",
                "{name: ada} | \"keys\"",
                "{name: ada, keys: []} | \"keys\" should hold a key: without one ada cannot sign",
                "{name: ada, keys: [ssh-ed25519 AAAA]} | \"keys\" should hold SSH public keys, each a line",
                "{name: ada, keys: [ssh-dss AAAAB3NzaC1kc3M=]} | \"keys\" should hold SSH public keys, each a line",
                "{name: ada, keys: [KEY], role: sre} | role",
            })
    void refusesSomebodyWhoCouldNotSign(String person, String says) throws IOException {
        assertThat(problems(person.replace("KEY", ED25519))).anySatisfy(problem -> {
            assertThat(problem.message()).contains(says);
            assertThat(problem.line()).isEqualTo(lineOfFirst());
        });
    }

    @Test
    void onePersonAndOneKeyStandThereOnce() throws IOException {
        String second = "{name: linus, keys: ['" + ED25519 + " elsewhere']}";

        List<Problem> found =
                problems("{name: ada, keys: [" + ED25519 + "]}", second, "{name: ADA, keys: [" + ED25519 + "]}");

        assertThat(found)
                .extracting(Problem::line)
                .containsExactlyInAnyOrder(lineOfFirst() + 1, lineOfFirst() + 2, lineOfFirst() + 2);
        assertThat(found)
                .extracting(Problem::message)
                .anySatisfy(message -> assertThat(message).contains("stands here already, as ada's"))
                .anySatisfy(message -> assertThat(message).isEqualTo("the person \"ADA\" stands here a second time"));
    }
}
