#!/usr/bin/env bash
# What a careful user would write to sign the layers of an image without verity-sign.
# usage: sign-image.sh JOBS DIGESTS PROFILE KEY CERTIFICATE FOLDER LAYERS
# JOBS 1 signs one layer after the other, more run under xargs -P. DIGESTS is the program that checks each blob and its tar
# while they stream, sha256sum or openssl. With none, the script signs what nobody checked.
# LAYERS is a file with a line BLOB DIFF-ID COMPRESSION UUID for each layer. BLOB is a file in the current folder, and the hex
# digits of its digest. Root hashes and signatures are written to FOLDER, with the names of the blobs.
set -euo pipefail

jobs=$1 layers=$7
export digests=$2 profile=$3 key=$4 certificate=$5 folder=$6
export salt=0000000000000000000000000000000000000000000000000000000000000000

build() { # build UUID IMAGE: makes an image of the tar on standard input
  if [ "$profile" = containerd-tar-index ]; then
    mkfs.erofs --tar=i --aufs --quiet -b4096 -T0 --mkfs-time -U "$1" "$2"
  else
    mkfs.erofs --tar=f --aufs --quiet -Enoinline_data -b4096 -T0 --mkfs-time --sort=none -U "$1" "$2"
  fi
}

check() { # check DIGEST FILE: fails unless DIGEST is the SHA-256 of the file
  if [ "$digests" = openssl ]; then
    [ "$(openssl dgst -sha256 -r "$2")" = "$1 *$2" ] || { echo "$2: FAILED" >&2 && false; }
  else
    sha256sum --check --quiet <<<"$1  $2" >&2
  fi
}

decompress() { # decompress COMPRESSION [COPY]: standard input to standard output; COPY gets the input
  local program=(gzip -dc)
  [ "$1" = gzip ] || program=(zstd -dcq)
  if [ $# = 1 ]; then "${program[@]}"; else tee -p "$2" | "${program[@]}"; fi
}

sign_layer() ( # sign_layer BLOB DIFF-ID COMPRESSION UUID
  blob=$1 diff_id=$2 compression=$3 uuid=$4
  out=$folder/$blob block=4096 tar=$blob
  exec <"$blob"
  # Each check reads a named pipe. tee copies to it what is decompressed or made into the image.
  blob_copy=() tar_copies=() checks=()
  # A check waits for ever if what feeds it did not start.
  trap 'kill "${checks[@]}" 2>/dev/null || :; rm -f "$out".{erofs,hash,tar,blob-copy,tar-copy}' EXIT
  if [ "$profile" = containerd-tar-index ]; then # the tar follows its index
    block=512
    [ "$compression" = plain ] || tar=$out.tar tar_copies+=("$out.tar")
  fi
  if [ "$digests" != none ]; then
    mkfifo "$out.tar-copy"
    tar_copies+=("$out.tar-copy")
    check "$diff_id" "$out.tar-copy" & checks+=($!)
    if [ "$compression" != plain ]; then # a plain blob is its tar
      mkfifo "$out.blob-copy"
      blob_copy=("$out.blob-copy")
      check "$blob" "$out.blob-copy" & checks+=($!)
    fi
  fi

  case $compression-${#tar_copies[@]} in
    plain-0) build "$uuid" "$out.erofs" ;;
    plain-*) tee -p "${tar_copies[@]}" | build "$uuid" "$out.erofs" ;;
    *-0) decompress "$compression" | build "$uuid" "$out.erofs" ;;
    *) decompress "$compression" "${blob_copy[@]}" | tee -p "${tar_copies[@]}" | build "$uuid" "$out.erofs" ;;
  esac
  for check in "${checks[@]}"; do wait "$check"; done

  [ "$block" = 4096 ] || cat "$tar" >>"$out.erofs"
  root_hash=$(veritysetup format --hash=sha256 --salt="$salt" --data-block-size=$block --hash-block-size=$block \
    "$out.erofs" "$out.hash" | sed -n 's/^Root hash:[[:space:]]*//p')
  printf %s "$root_hash" >"$out.root-hash"
  openssl smime -sign -binary -noattr -outform DER -signer "$certificate" -inkey "$key" \
    -in "$out.root-hash" -out "$out.p7s"
)

if [ "$jobs" = 1 ]; then
  while read -r blob diff_id compression uuid; do
    sign_layer "$blob" "$diff_id" "$compression" "$uuid"
  done <"$layers"
else
  export -f build check decompress sign_layer
  xargs -P "$jobs" -L 1 bash -euo pipefail -c 'sign_layer "$@"' sign-layer <"$layers"
fi
