package dev.belay.model.document;

import java.util.Comparator;

/** A place in a file; line and column count from 1, columns in characters as an editor shows them. {@link #FILE} is the file as a whole. */
public record Position(int line, int column) implements Comparable<Position> {

    public static final Position FILE = new Position(0, 0);

    private static final Comparator<Position> ORDER =
            Comparator.comparingInt(Position::line).thenComparingInt(Position::column);

    Position right(int columns) {
        return new Position(line, column + columns);
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }
}
