package dev.belay.cli.text;

import dev.belay.model.plan.Estimate;
import dev.belay.model.run.RunView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run and what must be known besides the view to speak of it.
 *
 * @param author who started it
 * @param ended how it ended, in words; null while it goes on
 * @param alsoWaiting other places that stand still, oldest first
 * @param abortUndoes what an abort would do, newest first: {@code uncordon w1}
 * @param left how long it will still take; null when nobody can say
 * @param now by the clock of the server that holds the run
 * @param rehearsal on the twin, on a server that forgets everything
 */
public record Situation(
        RunView view,
        String author,
        Instant startedAt,
        @Nullable String ended,
        List<String> alsoWaiting,
        List<String> abortUndoes,
        @Nullable Estimate left,
        Instant now,
        boolean rehearsal) {

    public Situation {
        alsoWaiting = List.copyOf(alsoWaiting);
        abortUndoes = List.copyOf(abortUndoes);
    }

    /** The same with another picture of the run, such as one whose nodes were looked at. */
    public Situation with(RunView other) {
        return new Situation(other, author, startedAt, ended, alsoWaiting, abortUndoes, left, now, rehearsal);
    }
}
