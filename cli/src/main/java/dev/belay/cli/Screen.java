package dev.belay.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How large the terminal is: asked of {@code stty}, since Java cannot ask; 100 by 40 where nobody looks. */
record Screen(int columns, int rows) {

    private static final Screen UNSEEN = new Screen(100, 40);
    private static final Pattern SIZE = Pattern.compile("(\\d{1,5}) (\\d{1,5})\\s*");

    static Screen of(Terminal terminal) {
        return terminal.interactive() ? asked() : UNSEEN;
    }

    static int columns(Terminal terminal) {
        return of(terminal).columns();
    }

    private static Screen asked() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            stty.waitFor(1, TimeUnit.SECONDS);
            Matcher size = SIZE.matcher(answer);
            boolean real = size.matches() && !size.group(2).equals("0");
            return real ? new Screen(Integer.parseInt(size.group(2)), Integer.parseInt(size.group(1))) : UNSEEN;
        } catch (IOException e) {
            return UNSEEN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNSEEN;
        }
    }
}
