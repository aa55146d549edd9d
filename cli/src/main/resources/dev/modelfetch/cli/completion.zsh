#compdef fetch
# Completes the command lines of fetch in zsh. Made by: fetch completion zsh

_fetch_stored() {
    local -a stored
    stored=(${(f)"$(_fetch_list_stored)"})
    (( $#stored )) && compadd -X @TITLE@ -a stored
}

_fetch_list_stored() {
    local cache
@STORED@
}

_fetch_commands() {
    local -a commands
    commands=(
@COMMANDS@
    )
    _describe -t commands @COMMANDS_TITLE@ commands
}

_fetch_cache_commands() {
    local -a commands
    commands=(
@CACHE_COMMANDS@
    )
    _describe -t commands @COMMANDS_TITLE@ commands
}

_fetch_first() {
    _fetch_commands
    _fetch_stored
}

_fetch() {
    local command= i
    for ((i = 2; i < CURRENT; i++)); do
        case $words[i] in
            @VALUED@) ((i++)) ;;
            -*) ;;
            *)
                if [[ $command == cache ]]; then
                    command="cache $words[i]"
                    break
                fi
                command=$words[i]
                [[ $command == cache ]] || break
                ;;
        esac
    done
    case $command in
@ARGUMENTS@
    esac
}

if [[ $funcstack[1] == _fetch ]]; then
    _fetch "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
    compdef _fetch fetch
fi
