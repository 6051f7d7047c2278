# Sourced by the scripts, and read by the Makefile: the PATH they all use. rustup puts cargo into a folder that a shell finds only after
# its user has changed PATH, and root's PATH after `su` lacks the folders of ldconfig and chroot. Neither is left to the user.
case ":$PATH:" in
  *":${CARGO_HOME:-$HOME/.cargo}/bin:"*) ;;
  # In front: rustup's cargo heeds rust-toolchain.toml, a distribution's older one does not.
  *) PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH" ;;
esac
case ":$PATH:" in *:/usr/sbin:*) ;; *) PATH="$PATH:/usr/sbin:/sbin" ;; esac
export PATH
