package dev.belay.model.runbook;

/**
 * One thing wrong in a file. The record is what {@code lint -o json} prints.
 *
 * @param line from 1; 0 when the file as a whole is meant
 * @param column from 1; 0 likewise
 * @param rule stable id such as {@code unknown-key}, {@code cycle}, {@code not-upstream}
 * @param message names the field, the value, and what would be right
 */
public record Problem(String file, int line, int column, String rule, String message) {

    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + message + " [" + rule + "]";
    }
}
