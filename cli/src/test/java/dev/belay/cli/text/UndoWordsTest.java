package dev.belay.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.LedgerEntry;
import java.util.List;
import org.junit.jupiter.api.Test;

class UndoWordsTest {

    @Test
    void saysWhatAnAbortWouldReallyDo() {
        List<String> words = UndoWords.of(List.of(
                entry(7, "node.drain", "w1"),
                entry(6, "node.cordon", "w1"),
                entry(5, "packages.install", "w1"),
                entry(4, "packages.install", "cp1"),
                entry(1, "cluster.lock", null)));

        assertThat(words)
                .containsExactly(
                        "uncordon w1",
                        "put the package source and holds back on w1 cp1",
                        "give the cluster's lock back");
    }

    @Test
    void whatTheRunHasOpenedAgainItselfIsNotTakenBackTwice() {
        List<String> words = UndoWords.of(List.of(
                entry(6, "cluster.unlock", null),
                entry(5, "node.cordon", "w2"),
                entry(4, "node.uncordon", "w1"),
                entry(3, "node.cordon", "w1"),
                entry(1, "cluster.lock", null)));

        assertThat(words).containsExactly("uncordon w2");
    }

    @Test
    void anEffectItDoesNotKnowIsNamedAsItWasRecorded() {
        assertThat(UndoWords.of(List.of(entry(1, "house.lights", "w1")))).containsExactly("undo \"changed\" on w1");
    }

    private static LedgerEntry entry(int seq, String uses, String node) {
        return new LedgerEntry(
                seq,
                "any",
                KubernetesVersion.parse("v1.34.4"),
                node == null ? null : new NodeName(node),
                uses,
                "changed",
                Situations.START.plusSeconds(seq),
                LedgerEntry.State.DONE,
                null,
                null);
    }
}
