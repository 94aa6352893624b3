package dev.belay.activities.steps.packages;

import dev.belay.model.inventory.Cluster.Packages;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The address of the Kubernetes repository, which has a minor in it: the wanted one, and what it looks like for any. */
record RepositoryName(String wanted, Pattern any) {

    private static final String MINOR = "{minor}";

    static RepositoryName of(Packages packages, String minor) {
        String address = packages.repository();
        int at = address.indexOf(MINOR);
        String looks = at < 0
                ? Pattern.quote(withoutSlash(address))
                : Pattern.quote(address.substring(0, at)) + "\\d+\\.\\d+"
                        + Pattern.quote(withoutSlash(address.substring(at + MINOR.length())));
        return new RepositoryName(
                packages.repositoryOf(minor).toString(), Pattern.compile("(?<!\\S)" + looks + "/*(?!\\S)"));
    }

    boolean isNamedIn(String text) {
        return any.matcher(text).find();
    }

    /** The text with the wanted address in place of any other. */
    String in(String text) {
        return any.matcher(text).replaceAll(Matcher.quoteReplacement(wanted));
    }

    private static String withoutSlash(String text) {
        return text.replaceAll("/+$", "");
    }
}
