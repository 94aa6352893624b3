#!/usr/bin/env bash
# external-etcd.sh LAB VERSION: a cluster of the lab, one control plane and one worker, whose etcd are three machines of their own (etcd1 to
# etcd3), members run by systemd as user etcd with settings in /etc/default/etcd, as Debian's package has it. LAB: the folder of the lab's scripts.
# `external-etcd.sh LAB down` ends all of it.
set -euo pipefail
lab=$(cd "$1" && pwd); version=$2
cd "$lab"; . ./env.sh
export CONTROL_PLANES=1 WORKERS=1
etcd=$LAB_HOME/etcd/$ETCD_35
pki=$LAB_HOME/external-etcd; members=(etcd1 etcd2 etcd3)
ip() { echo "$LAB_PREFIX.$((20 + ${1#etcd}))"; }
on() { docker exec -i "belay-$1" bash -c "$2"; }

./host.sh 2>/dev/null
for m in "${members[@]}"; do docker rm -fv "belay-$m" >/dev/null 2>&1 || true; done
rm -rf "$pki"
if [ "$version" = down ]; then ./down.sh; exit; fi

./up.sh "$version"
log "the cluster is taken down to its machines, to be made again on an external etcd"
for n in w1 cp1; do on "$n" 'kubeadm reset -f' >/dev/null 2>&1; done

mkdir -p "$pki"
openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=etcd-ca -keyout "$pki/ca.key" -out "$pki/ca.crt" 2>/dev/null
issue() { # name, common name, alternative names
  openssl req -newkey rsa:2048 -nodes -subj "/CN=$2" -keyout "$pki/$1.key" -out "$pki/$1.csr" 2>/dev/null
  printf 'keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=%s\n' "$3" > "$pki/$1.ext"
  openssl x509 -req -in "$pki/$1.csr" -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -CAcreateserial -days 365 -extfile "$pki/$1.ext" -out "$pki/$1.crt" 2>/dev/null
}
cluster=$(for m in "${members[@]}"; do printf '%s=https://%s:2380,' "$m" "$(ip "$m")"; done)
for m in "${members[@]}"; do
  docker run -d --name "belay-$m" --hostname "$m" --network "$LAB_NET" --ip "$(ip "$m")" $(lab_caps) --security-opt seccomp=unconfined \
    --security-opt apparmor=unconfined --cgroupns=private --tmpfs /run --tmpfs /tmp:exec -v /var belay-lab/node >/dev/null
  issue "$m" "$m" "DNS:$m,DNS:localhost,IP:$(ip "$m"),IP:127.0.0.1"
  for program in etcd etcdctl etcdutl; do docker cp -q "$etcd/$program" "belay-$m:/usr/local/bin/$program"; done
  on "$m" 'systemctl disable --now containerd >/dev/null 2>&1; useradd --system --home /var/lib/etcd etcd; install -d -m 700 -o etcd -g etcd /var/lib/etcd /var/lib/etcd/default; install -d /etc/etcd/pki'
  for file in ca.crt "$m.crt" "$m.key"; do docker cp -q "$pki/$file" "belay-$m:/etc/etcd/pki/$file"; done
  on "$m" 'chown -R etcd:etcd /etc/etcd/pki; chmod 600 /etc/etcd/pki/*.key; cat > /etc/default/etcd' <<X
ETCD_NAME=$m
ETCD_DATA_DIR=/var/lib/etcd/default
ETCD_LISTEN_PEER_URLS=https://$(ip "$m"):2380
ETCD_LISTEN_CLIENT_URLS=https://$(ip "$m"):2379,https://127.0.0.1:2379
ETCD_INITIAL_ADVERTISE_PEER_URLS=https://$(ip "$m"):2380
ETCD_ADVERTISE_CLIENT_URLS=https://$(ip "$m"):2379
ETCD_INITIAL_CLUSTER=${cluster%,}
ETCD_INITIAL_CLUSTER_STATE=new
ETCD_CERT_FILE=/etc/etcd/pki/$m.crt
ETCD_KEY_FILE=/etc/etcd/pki/$m.key
ETCD_TRUSTED_CA_FILE=/etc/etcd/pki/ca.crt
ETCD_CLIENT_CERT_AUTH=true
ETCD_PEER_CERT_FILE=/etc/etcd/pki/$m.crt
ETCD_PEER_KEY_FILE=/etc/etcd/pki/$m.key
ETCD_PEER_TRUSTED_CA_FILE=/etc/etcd/pki/ca.crt
ETCD_PEER_CLIENT_CERT_AUTH=true
X
  on "$m" 'cat > /lib/systemd/system/etcd.service' <<'X'
[Unit]
Description=etcd
After=network.target
[Service]
Type=notify
User=etcd
EnvironmentFile=-/etc/default/etcd
ExecStart=/usr/local/bin/etcd
Restart=on-abnormal
LimitNOFILE=65536
[Install]
WantedBy=multi-user.target
X
  on "$m" 'systemctl daemon-reload; systemctl enable etcd >/dev/null 2>&1; systemctl start --no-block etcd'
  for i in $(seq 50); do ssh-keyscan -t ed25519 "$(ip "$m")" 2>/dev/null | grep -q . && break; sleep 0.3; done
  ssh-keyscan -t ed25519 "$(ip "$m")" 2>/dev/null > "$pki/known_hosts.$m"
done

issue apiserver-etcd-client kube-apiserver-etcd-client DNS:kube-apiserver
on cp1 'mkdir -p /etc/kubernetes/pki/etcd'
docker cp -q "$pki/ca.crt" belay-cp1:/etc/kubernetes/pki/etcd/ca.crt
for kind in crt key; do docker cp -q "$pki/apiserver-etcd-client.$kind" "belay-cp1:/etc/kubernetes/pki/apiserver-etcd-client.$kind"; done
endpoints=$(for m in "${members[@]}"; do printf 'https://%s:2379,' "$(ip "$m")"; done)
on cp1 "sed -i '/^networking:/i etcd: {external: {endpoints: [${endpoints%,}], caFile: /etc/kubernetes/pki/etcd/ca.crt, certFile: /etc/kubernetes/pki/apiserver-etcd-client.crt, keyFile: /etc/kubernetes/pki/apiserver-etcd-client.key}}' /root/kubeadm.yaml"
on cp1 'kubeadm init --config /root/kubeadm.yaml --upload-certs' > "$LAB_HOME/cluster/init.log" 2>&1 || { tail -30 "$LAB_HOME/cluster/init.log"; exit 1; }
./up.sh "$version"
cat "$pki"/known_hosts.* >> "$LAB_HOME/cluster/known_hosts"
log "its etcd: ${endpoints%,}"
