package dev.belay.model.diagnosis;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a failure leaves in a text.
 *
 * @param line found in one line of it
 * @param with found anywhere in it too, or it does not count
 * @param without found anywhere in it, and it does not count
 * @param confidence that this is the cause when nothing else is known, above 0 and up to 1
 */
public record Sign(
        Pattern line, @Nullable Pattern with, @Nullable Pattern without, double confidence) {

    public Sign {
        if (!(confidence > 0 && confidence <= 1)) {
            throw new IllegalArgumentException(
                    "confidence of \"" + line + "\" should be above 0 and up to 1, not " + confidence);
        }
    }

    boolean countsIn(String text) {
        return (with == null || with.matcher(text).find())
                && (without == null || !without.matcher(text).find());
    }

    boolean isOn(String candidate) {
        return line.matcher(candidate).find();
    }
}
