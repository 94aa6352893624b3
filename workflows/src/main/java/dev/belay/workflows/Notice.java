package dev.belay.workflows;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.model.approval.ApprovalText;
import dev.belay.model.approval.Signers;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.Failure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place in a run that needs a person, or no longer does. Sent up by hop and node workflows.
 *
 * @param workflowId of the level that stands still: commands go there
 * @param why one sentence
 * @param skippable a person may count it as satisfied; approvals and whole hops may not be skipped
 * @param failure null for approvals that are awaited
 * @param ask what an awaited approval needs; null otherwise
 */
public record Notice(
        Kind kind,
        String workflowId,
        KubernetesVersion hop,
        String step,
        @Nullable NodeName node,
        Instant since,
        String why,
        boolean skippable,
        @Nullable Failure failure,
        @Nullable Ask ask) {

    /** What the level waits for. */
    public enum Kind {
        PARKED,
        AWAITING_APPROVAL,
        /** The step named goes on. */
        RESUMED
    }

    /**
     * What an approval needs.
     *
     * @param min different people
     * @param excluded who does not count: the run's author; null when everybody does
     * @param expiresAt after this the answer is no
     * @param approvedBy actors so far
     * @param by roles, one of which each of them must have where the inventory lists people; empty for any
     */
    public record Ask(
            int min,
            @Nullable String excluded,
            Instant expiresAt,
            List<String> approvedBy,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> by) {

        public Ask {
            approvedBy = List.copyOf(approvedBy);
            by = by == null ? List.of() : List.copyOf(by);
        }

        /** How many said yes so far, who, how far their names are proven, and until when it is asked. */
        public String standing(Signers signers) {
            String names = approvedBy.isEmpty() ? "" : ", by " + String.join(", ", approvedBy);
            String proof = signers.isByNameOnly() ? ", " + Signers.BY_NAME_ONLY : "";
            return approvedBy.size() + " of " + min + " approved" + names + proof + "; until " + expiresAt;
        }

        public boolean isSatisfied() {
            return approvedBy.size() >= min;
        }

        Ask approvedBy(String actor) {
            List<String> all = new ArrayList<>(approvedBy);
            all.add(actor);
            return new Ask(min, excluded, expiresAt, all, by);
        }
    }

    /** A place that stands from now on, for a person to decide about. */
    static Notice parked(
            String workflowId,
            KubernetesVersion hop,
            String step,
            @Nullable NodeName node,
            boolean skippable,
            String why,
            Failure failure) {
        return new Notice(Kind.PARKED, workflowId, hop, step, node, Waits.now(), why, skippable, failure, null);
    }

    /** What people sign who say yes to it. */
    public ApprovalText approval(Plan plan, String run) {
        return new ApprovalText(plan, run, hop, step, node, since, why);
    }

    /** {@code drain on w1}, for sentences. */
    public String place() {
        return node == null ? step : step + " on " + node;
    }

    /** Says whether both speak of one step of one level. */
    boolean samePlace(Notice other) {
        return workflowId.equals(other.workflowId) && place().equals(other.place());
    }

    Notice with(Ask next) {
        return new Notice(kind, workflowId, hop, step, node, since, why, skippable, failure, next);
    }

    Notice resumed() {
        return new Notice(Kind.RESUMED, workflowId, hop, step, node, since, why, skippable, null, null);
    }
}
