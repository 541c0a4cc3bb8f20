/// GPT-2, bare and with its head.
package dev.headstart.zoo.text.gpt2;
