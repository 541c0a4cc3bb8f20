/// GPT-2, with a cache for generation.
package dev.headstart.zoo.text.gpt2;
