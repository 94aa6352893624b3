package dev.belay.activities.etcd;

/** The top of a key, as keys are counted: {@code /registry/pods} of {@code /registry/pods/default/web-0}; of another key what it begins with. */
public final class KeyPrefix {

    private static final int LONGEST = 100;

    private KeyPrefix() {}

    public static String of(String key) {
        int first = key.indexOf('/', 1);
        int second = first < 0 ? -1 : key.indexOf('/', first + 1);
        int end = second > 0 ? second : Math.max(first, 0);
        String prefix = end > 0 ? key.substring(0, end) : key;
        return prefix.substring(0, Math.min(LONGEST, prefix.length()));
    }
}
