package dev.belay.cli;

import dev.belay.cli.text.Paint;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What every verb has: where it prints, and how. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n")
abstract class Verb implements Callable<Integer> {

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json|yaml",
            description = "How to print; json and yaml write one document to standard output and nothing else",
            converter = FormatConverter.class)
    private Format format = Format.TEXT;

    private final Terminal terminal;

    Verb(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Does the work. */
    abstract Exit run();

    @Override
    public final Integer call() {
        return run().code();
    }

    final Terminal terminal() {
        return terminal;
    }

    final Format format() {
        return format;
    }

    final Paint paint() {
        return format == Format.TEXT && terminal.colours() ? Paint.COLOURED : Paint.PLAIN;
    }

    /** Prints text for people, or the document. */
    final void print(String text, Object document) {
        terminal.out().print(format == Format.TEXT ? text : format.write(document));
        terminal.out().flush();
    }

    /** Says something beside the document. */
    final void say(String line) {
        terminal.err().println(line);
    }

    /** See {@link Format#read}. */
    static final class FormatConverter implements picocli.CommandLine.ITypeConverter<Format> {
        @Override
        public Format convert(String text) {
            try {
                return Format.read(text);
            } catch (IllegalArgumentException e) {
                throw new picocli.CommandLine.TypeConversionException(e.getMessage());
            }
        }
    }
}
