/// BERT and RoBERTa, with their heads.
package dev.headstart.zoo.text.bert;
