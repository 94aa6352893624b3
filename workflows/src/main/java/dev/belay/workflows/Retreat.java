package dev.belay.workflows;

import dev.belay.model.run.Command;
import java.util.List;

/**
 * What a run goes back by that climbs nothing: the record of a run that is over.
 *
 * @param run whose ledger it is
 * @param hops as that run left them
 * @param command the rung that was asked for
 */
public record Retreat(String run, List<HopState> hops, Command command) {
    public Retreat {
        hops = List.copyOf(hops);
    }
}
