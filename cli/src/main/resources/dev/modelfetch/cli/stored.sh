# Names of what the hub cache holds, as they are typed; without starting the program where a look at the folder will do.
cache=${HF_HUB_CACHE:-${HUGGINGFACE_HUB_CACHE:-${HF_HOME:+$HF_HOME/hub}}}
if [ -z "$cache" ] && grep -q cacheDir "${XDG_CONFIG_HOME:-$HOME/.config}/modelfetch/config.json" 2>/dev/null; then
    fetch cache ls -q 2>/dev/null | sed -e "s,^model/,," -e "s,^dataset/,datasets/," -e "s,^space/,spaces/,"
else
    ls -- "${cache:-${XDG_CACHE_HOME:-$HOME/.cache}/huggingface/hub}" 2>/dev/null |
        sed -n -e "s,--,/,g" -e "s,^models/,,p" -e "/^datasets\//p" -e "/^spaces\//p"
fi
