package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// conforming adds what distribution-spec 1.1 requires and the wrapped registry (v0.22.1) leaves out:
// the OCI-Subject header, artifactType (it lists the config's media type even if the manifest has an
// artifactType), the artifactType filter, an empty index for a repository that is not known, and a
// stable order.
func conforming(registry http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, target := cut(r.URL.Path)
		switch {
		case r.Method == http.MethodPut && strings.HasSuffix(path, "/manifests"):
			putManifest(registry, w, r)
		case r.Method == http.MethodGet && strings.HasSuffix(path, "/referrers"):
			getReferrers(registry, w, r, strings.TrimSuffix(path, "/referrers"), target)
		default:
			registry.ServeHTTP(w, r)
		}
	})
}

func cut(path string) (string, string) {
	at := strings.LastIndex(path, "/")
	return path[:max(at, 0)], path[at+1:]
}

type manifest struct {
	ArtifactType string         `json:"artifactType"`
	Config       *v1.Descriptor `json:"config"`
	Subject      *v1.Descriptor `json:"subject"`
}

func putManifest(registry http.Handler, w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 4<<20))
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	answer := httptest.NewRecorder()
	registry.ServeHTTP(answer, r)
	var m manifest
	if answer.Code == http.StatusCreated && json.Unmarshal(body, &m) == nil && m.Subject != nil {
		answer.Header().Set("OCI-Subject", m.Subject.Digest.String())
	}
	pass(w, answer)
}

func getReferrers(registry http.Handler, w http.ResponseWriter, r *http.Request, repository, target string) {
	answer := httptest.NewRecorder()
	registry.ServeHTTP(answer, r)
	index := v1.IndexManifest{SchemaVersion: 2, MediaType: types.OCIImageIndex, Manifests: []v1.Descriptor{}}
	if answer.Code == http.StatusOK {
		if err := json.Unmarshal(answer.Body.Bytes(), &index); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	} else if answer.Code != http.StatusNotFound {
		pass(w, answer)
		return
	}
	for i := range index.Manifests {
		referrer := &index.Manifests[i]
		body := httptest.NewRecorder()
		registry.ServeHTTP(body, httptest.NewRequest(http.MethodGet, repository+"/manifests/"+referrer.Digest.String(), nil))
		var m manifest
		if json.Unmarshal(body.Body.Bytes(), &m) == nil && m.ArtifactType != "" {
			referrer.ArtifactType = m.ArtifactType
		}
	}
	if wanted := r.URL.Query().Get("artifactType"); wanted != "" {
		index.Manifests = slices.DeleteFunc(index.Manifests, func(d v1.Descriptor) bool { return d.ArtifactType != wanted })
		w.Header().Set("OCI-Filters-Applied", "artifactType")
	}
	slices.SortFunc(index.Manifests, func(a, b v1.Descriptor) int { return strings.Compare(a.Digest.Hex, b.Digest.Hex) })
	w.Header().Set("Content-Type", string(types.OCIImageIndex))
	_ = json.NewEncoder(w).Encode(index)
}

func pass(w http.ResponseWriter, answer *httptest.ResponseRecorder) {
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}
