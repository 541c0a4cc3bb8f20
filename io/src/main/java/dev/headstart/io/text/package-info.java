/// Text as token ids, exactly as published models were trained on it: BERT's WordPiece ([WordPiece]), GPT-2's byte-level pairs
/// ([BytePairEncoding]), and the `tokenizer.json` of either ([Tokenizer#open]).
@NullMarked
package dev.headstart.io.text;

import org.jspecify.annotations.NullMarked;
