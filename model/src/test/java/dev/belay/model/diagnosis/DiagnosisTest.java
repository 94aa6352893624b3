package dev.belay.model.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.diagnosis.Diagnosis.Cause;
import org.junit.jupiter.api.Test;

class DiagnosisTest {

    private static final Rules RULES = Rules.shipped();

    @Test
    void theCauseGoesBeforeWhatFollowsFromIt() {
        Diagnosis diagnosis = Diagnosis.of("""
                The connection to the server 10.0.0.10:6443 was refused - did you specify the right host or port?
                kube-apiserver-cp1   0/1   CrashLoopBackOff   7 (2m ago)   15m
                dial tcp 127.0.0.1:2379: connect: connection refused
                {"level":"panic","msg":"failed to write","error":"write /var/lib/etcd/member/wal/0.tmp: no space left on device"}
                """, RULES);

        assertThat(diagnosis.causes())
                .extracting(Cause::id)
                .containsExactly("disk-full", "etcd-unreachable", "apiserver-refused", "crash-loop");
        assertThat(diagnosis.causes().get(3).explainedBy()).contains("etcd-unreachable", "disk-full");
        assertThat(diagnosis.causes().get(0).evidence())
                .singleElement()
                .asString()
                .endsWith("no space left on device\"}");
        assertThat(diagnosis.summary()).isEqualTo("A disk is full");
    }

    @Test
    void twoCausesStandSideBySide() {
        Diagnosis diagnosis = Diagnosis.of("""
                Error: unknown flag: --insecure-port
                E: Unable to locate package kubeadm
                """, RULES);

        assertThat(diagnosis.causes())
                .extracting(Cause::id)
                .containsExactly("package-missing", "component-unknown-flag");
        assertThat(diagnosis.causes()).allMatch(cause -> cause.explainedBy().isEmpty());
    }

    @Test
    void whatNobodyKnowsStaysUnknown() {
        Diagnosis diagnosis = Diagnosis.of("the frobnicator has left the building\nERROR: it is bad\n", RULES);

        assertThat(diagnosis.causes()).isEmpty();
        assertThat(diagnosis.summary()).contains("unknown");
        assertThat(Diagnosis.of("", RULES).causes()).isEmpty();
    }

    @Test
    void aHarmlessLineHidesNoOtherLine() {
        Diagnosis diagnosis = Diagnosis.of("""
                Flag --pod-infra-container-image has been deprecated
                failed to parse kubelet flag: unknown flag: --pod-infra-container-image
                """, RULES);

        assertThat(diagnosis.causes()).extracting(Cause::id).containsExactly("kubelet-removed-flag");
        assertThat(diagnosis.harmless()).hasSize(1);
    }

    @Test
    void coloursAreNoPartOfALineAndManyLikeLinesAreQuotedOnce() {
        String line = "\u001b[31mmvcc: database \u001b[0mspace exceeded\n";

        Diagnosis diagnosis = Diagnosis.of(line.repeat(50), RULES);

        assertThat(diagnosis.causes().get(0).evidence()).containsExactly("mvcc: database space exceeded");
    }
}
