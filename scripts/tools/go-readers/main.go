// Command go-readers says how programs written in Go understand the documents of images, for tests.
//
// Each line of standard input is a document: {"kind", "mediaType", "bytes" (base64)}. Each line of standard
// output has the answer of every library that reads such documents: {NAME: {"seen": …} or {"error": …}}.
// With -folds it prints the characters that encoding/json takes for the same one, a set a line.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"unicode"
)

type document struct {
	Kind      string `json:"kind"`
	MediaType string `json:"mediaType"`
	Bytes     []byte `json:"bytes"`
}

type answer struct {
	Seen  any    `json:"seen,omitempty"`
	Error string `json:"error,omitempty"`
}

func main() {
	folds := flag.Bool("folds", false, "print the characters that are equal when case is folded")
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	if *folds {
		printFolds(out)
		return
	}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 16<<20)
	encoder := json.NewEncoder(out)
	for in.Scan() {
		var doc document
		if err := json.Unmarshal(in.Bytes(), &doc); err != nil {
			log.Fatal(err)
		}
		readers, known := readersOf[doc.Kind]
		if !known {
			log.Fatalf("unknown kind %q", doc.Kind)
		}
		answers := map[string]answer{}
		for name, read := range readers {
			seen, err := read(doc)
			if err != nil {
				answers[name] = answer{Error: err.Error()}
			} else {
				answers[name] = answer{Seen: seen}
			}
		}
		if err := encoder.Encode(answers); err != nil {
			log.Fatal(err)
		}
	}
	if err := in.Err(); err != nil {
		log.Fatal(err)
	}
}

func printFolds(out *bufio.Writer) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		set := []rune{r}
		for next := unicode.SimpleFold(r); next > r; next = unicode.SimpleFold(next) {
			set = append(set, next)
		}
		if len(set) > 1 && unicode.SimpleFold(set[len(set)-1]) == r {
			fmt.Fprintln(out, string(set))
		}
	}
}
