package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"

	"github.com/containerd/containerd/v2/core/content"
	"github.com/containerd/containerd/v2/core/images"
	"github.com/distribution/distribution/v3"
	_ "github.com/distribution/distribution/v3/manifest/manifestlist"
	_ "github.com/distribution/distribution/v3/manifest/ocischema"
	_ "github.com/distribution/distribution/v3/manifest/schema2"
	ggcr "github.com/google/go-containerregistry/pkg/v1"
	docker "github.com/moby/docker-image-spec/specs-go/v1"
	"github.com/opencontainers/go-digest"
	oci "github.com/opencontainers/image-spec/specs-go/v1"
	oras "oras.land/oras-go/v2/content"
)

type reader func(document) (any, error)

// children is what a library follows in a manifest or index, in its order.
type children struct {
	Children []oci.Descriptor `json:"children"`
}

var readersOf = map[string]map[string]reader{
	"manifest": {
		"oci":          into[oci.Manifest],
		"containerd":   containerdChildren,
		"oras":         orasChildren,
		"distribution": distributionChildren,
		"ggcr":         func(doc document) (any, error) { return ggcr.ParseManifest(bytes.NewReader(doc.Bytes)) },
	},
	"index": {
		"oci":          into[oci.Index],
		"containerd":   containerdChildren,
		"oras":         orasChildren,
		"distribution": distributionChildren,
		"ggcr":         func(doc document) (any, error) { return ggcr.ParseIndexManifest(bytes.NewReader(doc.Bytes)) },
	},
	"config": {
		"oci":        into[oci.Image],
		"docker":     into[docker.DockerOCIImage],
		"containerd": containerdConfig,
		"ggcr":       func(doc document) (any, error) { return ggcr.ParseConfigFile(bytes.NewReader(doc.Bytes)) },
	},
	"descriptor": {"oci": into[oci.Descriptor]},
	"layout":     {"oci": into[oci.ImageLayout]},
	// What docker and containerd decode of docker save's manifest.json.
	"docker-save": {"docker": into[[]struct {
		Config       string
		RepoTags     []string
		Layers       []string
		Parent       string
		LayerSources map[string]oci.Descriptor
	}]},
	// The payload of a Notary signature. [notation-go internal/envelope]
	"payload": {"notation": into[struct {
		TargetArtifact oci.Descriptor `json:"targetArtifact"`
	}]},
}

// into decodes a document as most programs do.
func into[T any](doc document) (any, error) {
	var value T
	err := json.Unmarshal(doc.Bytes, &value)
	return value, err
}

func (doc document) descriptor() oci.Descriptor {
	return oci.Descriptor{
		MediaType: doc.MediaType,
		Digest:    digest.FromBytes(doc.Bytes),
		Size:      int64(len(doc.Bytes)),
	}
}

// ReaderAt makes the document a store of containerd with one blob.
func (doc document) ReaderAt(context.Context, oci.Descriptor) (content.ReaderAt, error) {
	return blob{bytes.NewReader(doc.Bytes)}, nil
}

type blob struct{ *bytes.Reader }

func (blob) Close() error { return nil }

// Fetch makes the document a store of oras with one blob.
func (doc document) Fetch(context.Context, oci.Descriptor) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(doc.Bytes)), nil
}

func containerdChildren(doc document) (any, error) {
	found, err := images.Children(context.Background(), doc, doc.descriptor())
	return children{found}, err
}

func orasChildren(doc document) (any, error) {
	found, err := oras.Successors(context.Background(), doc, doc.descriptor())
	return children{found}, err
}

func distributionChildren(doc document) (any, error) {
	manifest, _, err := distribution.UnmarshalManifest(doc.MediaType, doc.Bytes)
	if err != nil {
		return nil, err
	}
	return children{manifest.References()}, nil
}

func containerdConfig(doc document) (any, error) {
	descriptor := doc.descriptor()
	diffIDs, err := images.RootFS(context.Background(), doc, descriptor)
	if err != nil {
		return nil, err
	}
	return map[string]any{"rootfs": map[string]any{"diff_ids": diffIDs}}, nil
}
