package dev.belay.activities.steps.packages;

/** How an apt source file is written: one line a repository, or stanzas (sources.list(5)). */
interface SourceFormat {

    /**
     * The file with the repository of the wanted minor in place of that of any other minor; everything else as it is.
     *
     * @throws SourceUnreadable when the file is not of this format
     */
    String rewritten(String present);
}
