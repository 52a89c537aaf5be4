/// Readers of what the faces' requests have in common: body, tools, formats, where to search, how to cache. What is not
/// served is refused by name, never ignored; every refusal is a `Problem` (400) that names the parameter.
///
/// Not here: a request as a whole, and what is particular to one API (the faces).
@NullMarked
package dev.parley.chat.request;

import org.jspecify.annotations.NullMarked;
