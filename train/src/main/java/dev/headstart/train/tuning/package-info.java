/// What fine-tuning needs beside the loop: staying close to the source, averages of weights, the search for a rate, and the cache of what is
/// frozen.
package dev.headstart.train.tuning;
