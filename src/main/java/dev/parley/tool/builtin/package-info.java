/// The tools that come with Parley, a file each. None has effects.
@NullMarked
package dev.parley.tool.builtin;

import org.jspecify.annotations.NullMarked;
