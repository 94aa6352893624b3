package dev.belay.activities.steps.packages;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A {@code .list} file: lines that name the repository, of whatever minor, give way to one line for the wanted minor. */
record SourceLines(RepositoryName name, String keyring) implements SourceFormat {

    private static final Pattern STANZA = Pattern.compile("(?i)(Types|URIs|Suites)\\s*:.*");

    @Override
    public String rewritten(String present) {
        List<String> lines = new ArrayList<>();
        boolean written = false;
        for (String line : present.lines().toList()) {
            if (STANZA.matcher(line).matches()) {
                throw new SourceUnreadable(
                        lines.size() + 1, "belongs to a stanza (deb822), which apt reads only from a .sources file");
            }
            if (!isOurs(line)) {
                lines.add(line);
            } else if (!written) {
                lines.add(line());
                written = true;
            }
        }
        if (!written) {
            lines.add(line());
        }
        return String.join("\n", lines) + "\n";
    }

    private String line() {
        return "deb [signed-by=" + keyring + "] " + name.wanted() + " /";
    }

    private boolean isOurs(String line) {
        String text = line.strip();
        return text.startsWith("deb ") && name.isNamedIn(text);
    }
}
