#!/usr/bin/env bash
# Certificates made by OpenSSL on the spot: an authority with an intermediate one and a revocation list, a server, and clients:
# good (EC and RSA), expired, of a server's purpose, without a purpose, revoked, of another authority.
# usage: authority.sh DIR
set -euo pipefail
mkdir -p "${1:?DIR}"; cd "$1"
ec=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
rsa=(-newkey rsa:2048 -nodes)
database() { # CA
  mkdir -p "$1"; : >"$1/index"; echo 01 >"$1/crlnumber"
}
config() { # CA EXTENSIONS
  printf '[ca]\ndefault_ca=c\n[c]\ndatabase=%s/index\nnew_certs_dir=%s\ncrlnumber=%s/crlnumber\ndefault_md=sha256\npolicy=p\nx509_extensions=x\ndefault_days=30\ndefault_crl_days=1\nunique_subject=no\nrand_serial=yes\n[p]\norganizationName=optional\norganizationalUnitName=optional\ncommonName=supplied\n[x]\n%b\n' "$1" "$1" "$1" "$2" >ca.cnf
}
root() { # NAME CN
  openssl req -x509 "${ec[@]}" -days 30 -subj "/CN=$2" -keyout "$1-key.pem" -out "$1.pem" \
    -addext keyUsage=critical,keyCertSign,cRLSign
  database "$1"
}
issue() { # NAME SUBJECT CA KEY EXTENSIONS [FROM TO]
  local -n key=$4
  openssl req -new "${key[@]}" -subj "$2" -keyout "$1-key.pem" -out "$1.csr"
  config "$3" "$5"
  openssl ca -batch -notext -config ca.cnf -cert "$3.pem" -keyfile "$3-key.pem" -in "$1.csr" -out "$1.pem" \
    ${6:+-startdate "$6" -enddate "$7"}
}
client='basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\nsubjectAltName=URI:spiffe://example.org/ns/default/sa/app,DNS:app.example.org'
{
  root ca "Conformance CA"
  root other "Other CA"
  issue sub "/CN=Conformance Sub CA" ca ec 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign'
  database sub
  issue server /CN=localhost ca ec 'basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost,IP:127.0.0.1'
  issue good /O=Engineering/CN=readwrite ca ec "$client"
  issue rsa /O=Engineering/CN=readwrite ca rsa "$client"
  issue below /O=Engineering/CN=readwrite sub ec "$client"
  issue expired /CN=readwrite ca ec "$client" 20240101000000Z 20240201000000Z
  issue wrong-purpose /CN=readwrite ca ec 'basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth'
  issue no-purpose /CN=readwrite ca ec 'basicConstraints=CA:FALSE'
  issue stranger /O=Engineering/CN=readwrite other ec "$client"
  issue revoked /CN=readwrite ca ec "$client"
  config ca 'basicConstraints=CA:FALSE'
  openssl ca -config ca.cnf -cert ca.pem -keyfile ca-key.pem -revoke revoked.pem
  openssl ca -config ca.cnf -cert ca.pem -keyfile ca-key.pem -gencrl -out ca.crl
  config sub 'basicConstraints=CA:FALSE'
  openssl ca -config ca.cnf -cert sub.pem -keyfile sub-key.pem -gencrl -out sub.crl
} >openssl.log 2>&1 || { cat openssl.log >&2; exit 1; }
cat ca.crl sub.crl >lists.pem
