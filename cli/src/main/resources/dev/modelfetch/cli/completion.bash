# Completes the command lines of fetch in bash. Made by: fetch completion bash

_fetch_stored() {
    local cache
@STORED@
}

_fetch() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command= place=0 options= words= i
    # bash takes --option=value apart.
    if [[ $word == "=" ]]; then
        word=
    elif [[ $before == "=" ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
            @VALUED@)
                ((i++))
                [[ ${COMP_WORDS[i]} == "=" ]] && ((i++))
                ;;
            -*) ;;
            *)
                if [[ $command == cache && $place == 0 ]]; then
                    command="cache ${COMP_WORDS[i]}"
                elif [[ -z $command && $place == 0 ]]; then
                    case ${COMP_WORDS[i]} in
                        @COMMANDS@) command=${COMP_WORDS[i]} ;;
                        *) place=1 ;;
                    esac
                else
                    ((place++))
                fi
                ;;
        esac
    done
    case $before in
@VALUES@
    esac
    case $command in
@OPTIONS@
    esac
    if [[ $word == -* ]]; then
        words=$options
    else
        case $command/$place in
@WORDS@
        esac
    fi
    COMPREPLY=($(compgen -W "$words" -- "$word"))
    # Nothing else would be right: files of this machine are not meant.
    compopt +o default 2>/dev/null
}

complete -o default -F _fetch fetch
