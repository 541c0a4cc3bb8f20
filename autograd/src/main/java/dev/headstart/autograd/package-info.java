/// Variables that remember how they were computed, so that a loss can be differentiated with respect to parameters.
package dev.headstart.autograd;
