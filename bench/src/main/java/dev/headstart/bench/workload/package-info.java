/// What is timed: the same work, under the same names, that native frameworks are timed with.
package dev.headstart.bench.workload;
