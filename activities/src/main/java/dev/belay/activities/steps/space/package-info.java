/** Room in etcd's database files, and who leads. */
@NullMarked
package dev.belay.activities.steps.space;

import org.jspecify.annotations.NullMarked;
