/** One cluster as its owner describes it: hosts, access, packages, backups. Secrets are references. */
@NullMarked
package dev.belay.model.inventory;

import org.jspecify.annotations.NullMarked;
