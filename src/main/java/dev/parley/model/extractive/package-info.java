/// A chat model that needs no key and no network: it answers by quoting the best sentences of the passages in its
/// request, each with its `[n]`, or says that nothing fits.
///
/// [ExtractiveChatModel] is the entry point, [Selection] that of summaries. [Sentences] splits, [Terms] normalises,
/// [Question] weighs and scores, [Extraction] chooses.
///
/// Guarantees: the same request gets the same answer; every quoted sentence stands in its passage (white space aside);
/// time grows linearly with the passages. No rule knows a language but for the scripts that write no spaces.
///
/// Not here: finding the passages (`knowledge`), the form they stand in (`model.Passages`).
@NullMarked
package dev.parley.model.extractive;

import org.jspecify.annotations.NullMarked;
