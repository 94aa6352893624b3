package dev.belay.workflows;

/** The way up from a level that stands still to those who keep the record. */
interface Wire {

    void tell(Notice notice);
}
