/// What can be learnt with a network: contracts that every kind of work fulfils.
package dev.headstart.task.goal;
