/// Streams of JSON tokens, for files too large to be values. Not exported.
package dev.headstart.io.json.stream;
