/// JMH benchmarks of kernels. Each checks its answer before it is timed.
///
/// ```
/// mvn -DskipTests -pl bench -am package
/// java -cp 'bench/target/*:bench/target/lib/*' org.openjdk.jmh.Main Gemm -p shape=S64,S1024 -prof gc
/// ```
package dev.headstart.bench;
