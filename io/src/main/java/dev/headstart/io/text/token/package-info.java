/// What tokenizers are made of: characters, added tokens, and how a word is cut. Not exported.
package dev.headstart.io.text.token;
