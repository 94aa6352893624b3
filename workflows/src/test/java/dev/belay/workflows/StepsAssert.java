package dev.belay.workflows;

import java.util.List;
import org.assertj.core.api.AbstractAssert;

/** Asserts on the order of effects: {@code assertThat(steps).ran("drain w1").before("kubelet w1").neverRan("drain w2")}. */
final class StepsAssert extends AbstractAssert<StepsAssert, ScriptedSteps> {

    private String current = "";

    private StepsAssert(ScriptedSteps actual) {
        super(actual, StepsAssert.class);
    }

    static StepsAssert assertThat(ScriptedSteps actual) {
        return new StepsAssert(actual);
    }

    StepsAssert ran(String place) {
        current = place;
        if (first(place) < 0) {
            throw failure("expected \"%s\" to have run, but these did: %s", place, actual.ran());
        }
        return this;
    }

    StepsAssert times(long expected) {
        long times = actual.ran().stream().filter(ran -> matches(ran, current)).count();
        if (times != expected) {
            throw failure("expected \"%s\" to have run %d times, not %d: %s", current, expected, times, actual.ran());
        }
        return this;
    }

    /** The last of the current place came before the first of this one. */
    StepsAssert before(String place) {
        if (first(place) < 0 || last(current) > first(place)) {
            throw failure("expected \"%s\" before \"%s\", but the order was %s", current, place, actual.ran());
        }
        return this;
    }

    StepsAssert ranInOrder(String... places) {
        for (int i = 0; i + 1 < places.length; i++) {
            ran(places[i]).before(places[i + 1]);
        }
        return this;
    }

    StepsAssert neverRan(String... places) {
        for (String place : places) {
            if (first(place) >= 0) {
                throw failure("expected \"%s\" never to have run, but it did: %s", place, actual.ran());
            }
        }
        return this;
    }

    private int first(String place) {
        List<String> ran = actual.ran();
        for (int i = 0; i < ran.size(); i++) {
            if (matches(ran.get(i), place)) {
                return i;
            }
        }
        return -1;
    }

    private int last(String place) {
        List<String> ran = actual.ran();
        for (int i = ran.size() - 1; i >= 0; i--) {
            if (matches(ran.get(i), place)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean matches(String ran, String place) {
        return ran.equals(place) || ran.substring(ran.indexOf(' ') + 1).equals(place);
    }
}
