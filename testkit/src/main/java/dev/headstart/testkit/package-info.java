/// Operator specifications, the laws every operator keeps, and the gradient check: for our own operators and for those users write.
package dev.headstart.testkit;
