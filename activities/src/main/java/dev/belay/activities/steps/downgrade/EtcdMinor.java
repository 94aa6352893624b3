package dev.belay.activities.steps.downgrade;

import dev.belay.activities.StepFailure;
import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.run.FailureKind;

/** A minor of etcd as its own commands write it: {@code 3.5}. */
record EtcdMinor(int minor) {

    static EtcdMinor parse(String text) {
        if (!text.matches("3\\.\\d{1,3}")) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "INPUT",
                    "to: \"" + text + "\" is no minor of etcd",
                    "write it as etcd does, such as 3.5");
        }
        return new EtcdMinor(Integer.parseInt(text.substring(2)));
    }

    /** Of a member's version, {@code 3.5.35}. */
    boolean isOf(String version) {
        return EtcdVersion.tryParse(version)
                .filter(known -> known.major() == 3 && known.minor() == minor)
                .isPresent();
    }

    EtcdMinor next() {
        return new EtcdMinor(minor + 1);
    }

    EtcdMinor previous() {
        return new EtcdMinor(minor - 1);
    }

    @Override
    public String toString() {
        return "3." + minor;
    }
}
