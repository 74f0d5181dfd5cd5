// Package lines is how a program answers questions: one JSON value a line comes in, and one a line goes out, in the same order.
package lines

import (
	"bufio"
	"encoding/json"
	"io"
	"log"
	"os"
)

// Answer answers all questions on standard input, and ends the program at one that is not JSON.
func Answer[Question, Said any](answer func(Question) Said) {
	out := bufio.NewWriter(os.Stdout)
	questions, answers := json.NewDecoder(bufio.NewReader(os.Stdin)), json.NewEncoder(out)
	for {
		var question Question
		if err := questions.Decode(&question); err == io.EOF {
			break
		} else if err != nil {
			log.Fatal(err)
		}
		if err := answers.Encode(answer(question)); err != nil {
			log.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}
