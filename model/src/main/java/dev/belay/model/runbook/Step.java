package dev.belay.model.runbook;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A vertex of a phase's graph. The set of kinds is closed: the engine understands each; what a typed step does is open. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = TypedStep.class, name = "step"),
    @JsonSubTypes.Type(value = GroupStep.class, name = "group"),
    @JsonSubTypes.Type(value = ApprovalStep.class, name = "approval"),
    @JsonSubTypes.Type(value = SoakStep.class, name = "soak")
})
public sealed interface Step permits TypedStep, GroupStep, ApprovalStep, SoakStep {

    /** Unique in the whole runbook, steps inside groups included. */
    String id();

    /** Ids of steps of the same list that must be DONE, ALREADY_DONE or SKIPPED before this one starts. */
    List<String> needs();

    /** A CEL condition; when it is false the step is SKIPPED and counts as satisfied. */
    @Nullable
    String when();
}
