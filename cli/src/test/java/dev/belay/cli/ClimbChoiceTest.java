package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ClimbChoiceTest {

    @Test
    void versionsOnTheWayMayStandTogetherOrEachForItself() {
        assertThat(choice("--via", "v1.32.13,v1.33.13").via()).containsExactly("v1.32.13", "v1.33.13");
        assertThat(choice("--via", "v1.32.13", "--via", "v1.33.13").via()).containsExactly("v1.32.13", "v1.33.13");
    }

    @ParameterizedTest
    @CsvSource({
        "kubeadm-minor,add --to",
        "certificates --to v1.34.4,leave out --to v1.34.4",
        "etcd-restore,start it with belay rollback RUN"
    })
    void onlyAnUpgradeHasATarget(String typed, String remedy) {
        String[] words = typed.split(" ", -1);
        words[0] = Path.of("..", "runbooks", words[0] + ".yaml").toString();
        List<String> all = new ArrayList<>(List.of("rehearse", "--small"));
        all.addAll(List.of(words));

        Typed refused = Typed.in(Map.of(), all.toArray(String[]::new));

        assertThat(refused.code()).isIn(1, 2);
        assertThat(refused.out() + refused.err()).contains(remedy).doesNotContain("Exception");
    }

    private static ClimbChoice choice(String first, String... more) {
        String[] typed = new String[more.length + 3];
        typed[0] = "--to";
        typed[1] = "v1.34.4";
        typed[2] = first;
        System.arraycopy(more, 0, typed, 3, more.length);
        return CommandLine.populateCommand(new ClimbChoice(), typed);
    }
}
