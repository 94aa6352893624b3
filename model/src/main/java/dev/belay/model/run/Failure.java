package dev.belay.model.run;

/**
 * What a failed step says to a person; travels as the details of a Temporal failure.
 *
 * @param code stable, for scripts and rules: {@code DRAIN_BLOCKED}, {@code KUBEADM_FAILED}, {@code UNREACHABLE}
 * @param why one sentence, at most 2 KB, redacted
 * @param next what a person should look at or do before a retry
 * @param evidence last lines of output, at most 8 KB, redacted; empty when there is none
 */
public record Failure(FailureKind kind, String code, String why, String next, String evidence) {}
