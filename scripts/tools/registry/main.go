// Command referrers-registry is a registry with the referrers API on one address of this machine,
// for tests. Manifests live in memory, blobs in files.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"

	"github.com/google/go-containerregistry/pkg/registry"
)

func main() {
	address := flag.String("address", "127.0.0.1:0", "where to listen; port 0 takes a free one")
	dir := flag.String("dir", "", "folder for blobs")
	flag.Parse()
	if *dir == "" || flag.NArg() > 0 {
		log.Fatal("usage: referrers-registry --dir DIR [--address HOST:PORT]")
	}
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	handler := registry.New(
		registry.WithReferrersSupport(true),
		registry.WithBlobHandler(registry.NewDiskBlobHandler(*dir)),
	)
	log.Fatal(http.Serve(listener, conforming(handler)))
}
