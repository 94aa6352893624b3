/** One suite a port, run on the twin and on the real thing: where they differ, the twin is wrong. */
package dev.belay.activities.contract;
