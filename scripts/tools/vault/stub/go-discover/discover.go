// Package discover stands in for github.com/hashicorp/go-discover, which finds the nodes of a cluster
// through the SDKs of a dozen clouds. The test server has one node, and the build takes half the time.
package discover

import (
	"errors"
	"log"
)

type Config map[string]string

func (Config) String() string { return "" }

type Provider interface {
	Addrs(args map[string]string, l *log.Logger) ([]string, error)
	Help() string
}

type Discover struct{}

type Option func(*Discover) error

var Providers = map[string]Provider{}

var errNone = errors.New("cluster discovery is not part of this build")

func New(...Option) (*Discover, error)                        { return &Discover{}, nil }
func WithProviders(map[string]Provider) Option                { return nil }
func Parse(string) (Config, error)                            { return nil, errNone }
func (*Discover) Addrs(string, *log.Logger) ([]string, error) { return nil, errNone }
