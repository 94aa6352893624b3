package dev.belay.activities.evidence;

import dev.belay.activities.StepFailure;
import dev.belay.model.run.FailureKind;
import java.util.List;
import java.util.regex.Pattern;

/** The path of an artefact: plain segments, so that it means the same to every store and leads out of none. */
final class ArtefactPath {

    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,199}");

    private ArtefactPath() {}

    static List<String> segments(String path) {
        List<String> segments = List.of(path.split("/", -1));
        if (!segments.stream().allMatch(segment -> SEGMENT.matcher(segment).matches())) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "EVIDENCE_PATH",
                    "\"" + path + "\" is no path of an artefact",
                    "segments of letters, digits, '.', '_' and '-', with '/' between, none beginning with '.' or '-'");
        }
        return segments;
    }
}
